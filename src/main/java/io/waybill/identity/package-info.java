/**
 * Who somebody is: bearer tokens of an OIDC provider, logins of people there, static tokens. The
 * only room that sees the JOSE library.
 */
package io.waybill.identity;
