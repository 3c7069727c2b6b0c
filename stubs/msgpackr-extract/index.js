// msgpackr loads this inside a try block and falls back to plain JavaScript.
throw new Error('msgpackr-extract is left out on purpose: no native code is installed');
