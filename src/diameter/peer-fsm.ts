/**
 * RFC 6733 section 5.6, Peer State Machine: the initiator's rows, in the RFC's words. We never listen, so its R- rows
 * have no event here. Rows marked non-standard say why they are there.
 */
import type { Table } from '../lib/fsm.ts';

export type PeerState = 'Closed' | 'Wait-Conn-Ack' | 'Wait-I-CEA' | 'I-Open' | 'Closing';

export type PeerEvent =
  | 'Start'
  | 'Stop'
  | 'Timeout'
  | 'I-Rcv-Conn-Ack'
  | 'I-Rcv-Conn-Nack'
  | 'I-Rcv-CEA'
  | 'I-Rcv-Non-CEA'
  | 'I-Rcv-Message'
  | 'I-Rcv-DWR'
  | 'I-Rcv-DWA'
  | 'I-Rcv-DPR'
  | 'I-Rcv-DPA'
  | 'I-Peer-Disc'
  | 'Send-Message';

export type PeerAction =
  | 'I-Snd-Conn-Req'
  | 'I-Snd-CER'
  | 'I-Snd-DPR'
  | 'I-Snd-DPA'
  | 'I-Snd-Message'
  | 'I-Disc'
  | 'Cleanup'
  | 'Error'
  | 'Process'
  | 'Process-CEA'
  | 'Process-DWR, I-Snd-DWA'
  | 'Process-DWA';

export const PEER_TABLE: Table<PeerState, PeerEvent, PeerAction> = {
  // state            event              action             next state
  // -----------------------------------------------------------------
  // Closed           Start              I-Snd-Conn-Req     Wait-Conn-Ack
  Closed: {
    Start: { do: 'I-Snd-Conn-Req', to: 'Wait-Conn-Ack' },
  },
  // Wait-Conn-Ack    I-Rcv-Conn-Ack     I-Snd-CER          Wait-I-CEA
  //                  I-Rcv-Conn-Nack    Cleanup            Closed
  //                  Timeout            Error              Closed
  // non-standard:    Stop               Cleanup            Closed         (the operator need not wait for an answer)
  'Wait-Conn-Ack': {
    'I-Rcv-Conn-Ack': { do: 'I-Snd-CER', to: 'Wait-I-CEA' },
    'I-Rcv-Conn-Nack': { do: 'Cleanup', to: 'Closed' },
    Timeout: { do: 'Error', to: 'Closed' },
    Stop: { do: 'Cleanup', to: 'Closed' },
  },
  // Wait-I-CEA       I-Rcv-CEA          Process-CEA        I-Open
  //                  I-Peer-Disc        I-Disc             Closed
  //                  I-Rcv-Non-CEA      Error              Closed
  //                  Timeout            Error              Closed
  // non-standard:    Stop               Cleanup            Closed
  'Wait-I-CEA': {
    'I-Rcv-CEA': { do: 'Process-CEA', to: 'I-Open' },
    'I-Peer-Disc': { do: 'I-Disc', to: 'Closed' },
    'I-Rcv-Non-CEA': { do: 'Error', to: 'Closed' },
    Timeout: { do: 'Error', to: 'Closed' },
    Stop: { do: 'Cleanup', to: 'Closed' },
  },
  // I-Open           Send-Message       I-Snd-Message      I-Open
  //                  I-Rcv-Message      Process            I-Open
  //                  I-Rcv-DWR          Process-DWR,
  //                                     I-Snd-DWA          I-Open
  //                  I-Rcv-DWA          Process-DWA        I-Open
  //                  Stop               I-Snd-DPR          Closing
  //                  I-Rcv-DPR          I-Snd-DPA          Closing
  //                  I-Peer-Disc        I-Disc             Closed
  'I-Open': {
    'Send-Message': { do: 'I-Snd-Message', to: 'I-Open' },
    'I-Rcv-Message': { do: 'Process', to: 'I-Open' },
    'I-Rcv-DWR': { do: 'Process-DWR, I-Snd-DWA', to: 'I-Open' },
    'I-Rcv-DWA': { do: 'Process-DWA', to: 'I-Open' },
    Stop: { do: 'I-Snd-DPR', to: 'Closing' },
    'I-Rcv-DPR': { do: 'I-Snd-DPA', to: 'Closing' },
    'I-Peer-Disc': { do: 'I-Disc', to: 'Closed' },
  },
  // Closing          I-Rcv-DPA          I-Disc             Closed
  //                  Timeout            Error              Closed
  //                  I-Peer-Disc        I-Disc             Closed
  // non-standard:    I-Rcv-Message      Process            Closing        (an answer in flight may say that money moved)
  //                  I-Rcv-DWR          Process-DWR,
  //                                     I-Snd-DWA          Closing        (5.5: DWR is answered while the transport lives)
  //                  I-Rcv-DWA          Process-DWA        Closing
  //                  I-Rcv-DPR          I-Snd-DPA          Closing        (both sides closed at once)
  Closing: {
    'I-Rcv-DPA': { do: 'I-Disc', to: 'Closed' },
    Timeout: { do: 'Error', to: 'Closed' },
    'I-Peer-Disc': { do: 'I-Disc', to: 'Closed' },
    'I-Rcv-Message': { do: 'Process', to: 'Closing' },
    'I-Rcv-DWR': { do: 'Process-DWR, I-Snd-DWA', to: 'Closing' },
    'I-Rcv-DWA': { do: 'Process-DWA', to: 'Closing' },
    'I-Rcv-DPR': { do: 'I-Snd-DPA', to: 'Closing' },
  },
};
