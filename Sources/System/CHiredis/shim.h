#ifndef CTXBROWSE_CHIREDIS_SHIM_H
#define CTXBROWSE_CHIREDIS_SHIM_H

#include <hiredis/hiredis.h>
#include <hiredis/read.h>

#endif
