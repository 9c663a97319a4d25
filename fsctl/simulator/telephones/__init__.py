"""The telephones of the office and of the public network, and what people do with them."""
