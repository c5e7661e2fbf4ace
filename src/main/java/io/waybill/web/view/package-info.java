/** What the API answers and takes, as records; the OpenAPI document is made of them. */
package io.waybill.web.view;
