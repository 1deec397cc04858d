-- When SSM heard of the device, as its list said when it was last taken over: what did not change need not be accounted for again.
ALTER TABLE expected_device ADD COLUMN contact_at BIGINT;
