/**
 * Rows as JSONEachRow: values of Java, written as the types of a table's columns take them, so that
 * they travel, are cut, refused and mended like the lines of a file.
 */
package io.waybill.batch.row;
