/** What can be asked and ordered, as interfaces. */
package io.waybill.control;
