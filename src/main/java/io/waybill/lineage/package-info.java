/** What moved where, told as OpenLineage events; the only room that sees its model. */
package io.waybill.lineage;
