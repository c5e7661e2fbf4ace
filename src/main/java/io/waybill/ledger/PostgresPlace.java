package io.waybill.ledger;

import java.nio.file.Path;
import javax.sql.DataSource;

/**
 * A ledger in PostgreSQL, which several processes may have open.
 *
 * @param name what people call it, without user and password
 * @param source makes new connections, never pooled ones
 * @param home folder of the process that opens it
 */
public record PostgresPlace(String name, DataSource source, Path home) {}
