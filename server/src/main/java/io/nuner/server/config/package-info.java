/** How a server is configured. */
@NullMarked
package io.nuner.server.config;

import org.jspecify.annotations.NullMarked;
