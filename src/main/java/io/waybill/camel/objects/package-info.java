/** Objects of S3: {@code aws2-s3:} as a source of which each object arrives once. */
package io.waybill.camel.objects;
