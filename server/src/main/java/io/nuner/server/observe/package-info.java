/** What the operator sees: metrics, health, and a log that neither floods nor leaks. Knows no other part of the server. */
@NullMarked
package io.nuner.server.observe;

import org.jspecify.annotations.NullMarked;
