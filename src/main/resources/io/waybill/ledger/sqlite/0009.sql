-- Why a kill switch is on.
ALTER TABLE kill_switch ADD COLUMN reason TEXT NOT NULL DEFAULT '';
