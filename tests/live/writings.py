"""Numbers as people write them and trunks show them, for tests with a controller and without one."""

#: The emergency number.
EMERGENCY = ["112", "0112", "0 112", "0-112", "1.1-2", "(112)", "112#", "0 112#", "112\u200b", "\u202a0\u00a0112\u202c",
             "112;phone-context=+49@example.org"]
#: The number of 101, as a trunk names it.
CALLED = ["+49 30 5550101", "+49 (0)30 5550101", "0049 30/5550101", "030-5550101", "4930 5550101",
          "+49305550101;npdi;rn=+4930"]
#: One caller, as trunks show him.
MOBILE = "+4915112345678"
SHOWN = [MOBILE, "4915112345678", "004915112345678", "015112345678", "0151 12345678", "+49 (0)151/12345678"]
