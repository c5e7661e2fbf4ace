/** The management port: the API under {@code /api/v1}, and the dashboard. */
package io.waybill.web;
