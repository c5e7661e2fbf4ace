package io.waybill.web;

import io.waybill.control.Listings;
import io.waybill.control.Orders;
import io.waybill.control.Permissions;
import io.waybill.control.Serving;

/**
 * Whom the API asks.
 *
 * @param listings what the ledger says
 * @param orders who carries orders out
 * @param serving what the process knows
 * @param permissions who may do what
 */
public record Desk(Listings listings, Orders orders, Serving serving, Permissions permissions) {}
