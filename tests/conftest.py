from gevent import monkey; monkey.patch_all()  # noqa: E702, I001  first, before anything imports a socket

"""What all tests share."""

from tests.databases import postgresql as postgresql  # noqa: E402
from tests.databases import url as url  # noqa: E402
