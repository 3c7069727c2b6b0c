export const HELP = `SMSC simulator: an SMPP server that plays the operator's message centre.

  npm run smsc -- [flags]          or, after npm run build, npx orderd-smsc [flags]

Listening
  --smpp-port PORT        SMPP port; 0 picks a free one             (default 2775)
  --http-port PORT        HTTP control port; 0 picks a free one     (default 8775)
  --host ADDRESS          address of both                           (default 127.0.0.1)
  --allow-remote          permit an address other than loopback: the control port has no login
  --tls-port PORT         a second SMPP port, over TLS, with
  --tls-cert FILE  --tls-key FILE                                   PEM files

Accounts and limits
  --account ID:SECRET     system_id and password, repeatable        (default orderd:secret)
  --smpp-version VERSION  3.3 | 3.4 | 5.0. 3.3 has no transceiver and no optional parameters;
                          5.0 adds congestion_state                 (default 3.4)
  --rate N                submits a second per account, 0 is without limit; beyond it ESME_RTHROTTLED (default 0)
  --window N              unanswered submits per bind, likewise     (default 0)
  --deliver-window N      our unanswered deliver_sm per bind        (default 50)

Behaviour
  --receipts WHEN         final receipt after the submit_sm_resp, before it, or none:
                          after | before | none                     (default after)
  --receipt-delay MS      from the submit to the handset            (default 0)
  --id-form FORM          message ids: hex | hex-lower | hex-short | dec | dec-padded (default hex)
  --receipt-id-form FORM  the same in receipts                      (default as --id-form)
  --charset0 NAME         what data_coding 0 means here: gsm7 | latin1 | ascii (default gsm7);
                          orderd's word for it is smpp.links[].defaultAlphabet
  --response-timeout MS   silence after which a PDU counts as unanswered  (default 30000)
  --enquire-interval MS   between enquire_links                     (default 30000)
  --retry-delay MS        before a deliver_sm is sent again         (default 1000)
  --mo-id-tag TAG         send the SMSC's own id of each MO in this vendor parameter, such as 0x1400

USSD gateway
  --ussd-dialect NAME     how a dialogue is named in SMPP: its (by the book) | six-dee | mica | comverse | none
                                                                    (default its)
  --ussd-code-in PLACE    where a dialled code travels: short_message | destination_addr (default short_message)
  --ussd-app-timeout MS   how long the application may think        (default 30000)
  --ussd-user-timeout MS  how long the subscriber may think         (default 60000)

Phones
  --mail-url URL          control port of the mail simulator: the phones show its mails, those to a phone's
                          number at any domain, such as 254700000001@phone.example

Feeding
  --feed FILE             send the messages of this file once something has bound: one per line,
                          from,to,text or JSON as POST /mo takes it
  --feed-rate N           messages a second                         (default 10)

Records
  --log FILE              every PDU as a JSON line, appended
  --pcap FILE             every octet as a capture file; Wireshark and tshark read it
  --json                  print {"event":"ready",...} in place of text when listening
  --help                  this text; --version tells which

Try it, once something has bound (the file README.md beside this program tells all routes):
  curl -s localhost:8775/binds
  curl -s localhost:8775/mo -H 'content-type: application/json' -d '{"from":"254700000001","to":"5000","text":"NEWS"}'
  curl -s 'localhost:8775/messages?to=254700000001&waitMs=5000'
  curl -s localhost:8775/faults -H 'content-type: application/json' -d '{"on":"submit_sm","action":"status","status":"ESME_RTHROTTLED","count":3}'
`;
