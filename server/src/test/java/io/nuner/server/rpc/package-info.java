@NullMarked
package io.nuner.server.rpc;

import org.jspecify.annotations.NullMarked;
