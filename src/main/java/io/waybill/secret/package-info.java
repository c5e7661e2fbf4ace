/** What is not to be seen, and who asks with it. Sees no other room. */
package io.waybill.secret;
