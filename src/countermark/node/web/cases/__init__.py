"""Pages of joint cases, and of what partners share."""
