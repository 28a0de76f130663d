"""The demo community: written by hand, brought to life by the product's own operations."""
