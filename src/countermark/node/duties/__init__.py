"""What the law asks besides the notice: holds, lists, the public feed, the desk for persons, retention."""
