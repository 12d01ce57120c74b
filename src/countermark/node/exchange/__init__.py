"""Exchange: agreements with partners, and the signed statements that go to them and come from them."""
