"""The gallery: every part of the pages with invented contents, for those who change them and for the axe walks."""
