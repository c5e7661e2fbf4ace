/** Bytes in, batches out: sources, formats, record boundaries, digests. Sees no Camel, no JDBC. */
package io.waybill.batch;
