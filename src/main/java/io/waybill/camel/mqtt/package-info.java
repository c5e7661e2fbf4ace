/** Messages of MQTT topics. */
package io.waybill.camel.mqtt;
