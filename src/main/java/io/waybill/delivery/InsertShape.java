package io.waybill.delivery;

import io.waybill.batch.Format;
import java.util.List;
import java.util.SortedMap;

/**
 * All that shapes the block that ClickHouse makes of a batch. Part of the plan: a resend uses it as
 * it was, since the same token with other settings loses or doubles rows.
 *
 * @param table target
 * @param tableUuid UUID of the target when the batch was planned
 * @param columns explicit column list of the INSERT
 * @param format format of the payload
 * @param settings exactly the settings that are sent, token, query id and log_comment apart
 * @param encoder version of the code that made the payload from the source's bytes
 * @param provenance whether the table notes for each row the token that it came with
 */
public record InsertShape(
    TableName table,
    String tableUuid,
    List<String> columns,
    Format format,
    SortedMap<String, String> settings,
    int encoder,
    boolean provenance) {}
