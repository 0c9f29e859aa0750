@NullMarked
package io.nuner.server.execution;

import org.jspecify.annotations.NullMarked;
