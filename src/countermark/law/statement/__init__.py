"""The statement of reasons of the Digital Services Act: built, checked, said to the seller, sent to the database."""
