"""The web floor: what every feature's views share, and the WSGI layers in front of them."""
