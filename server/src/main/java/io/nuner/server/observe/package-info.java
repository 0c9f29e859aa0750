/** What the operator sees: health and a log that can neither flood nor leak. Knows no other part of the server. */
@NullMarked
package io.nuner.server.observe;

import org.jspecify.annotations.NullMarked;
