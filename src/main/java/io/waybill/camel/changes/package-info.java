/** Changes of databases: {@code debezium-postgres:} with offsets in the ledger, and their rows. */
package io.waybill.camel.changes;
