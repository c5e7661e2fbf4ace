package io.waybill.identity;

import io.waybill.policy.Identity;
import java.time.Instant;

/**
 * Somebody who has proved who he is.
 *
 * @param who the identity
 * @param until when the proof ends
 */
public record Verified(Identity who, Instant until) {}
