"""What partners' nodes ask of this one."""
