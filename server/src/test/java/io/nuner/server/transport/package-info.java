@NullMarked
package io.nuner.server.transport;

import org.jspecify.annotations.NullMarked;
