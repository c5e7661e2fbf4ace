/**
 * When a flow is due, what is made up for, who gives way, which flows wait for which: pure rules.
 */
package io.waybill.schedule;
