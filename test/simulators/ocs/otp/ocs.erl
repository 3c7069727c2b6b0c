%% An online charging system on Erlang/OTP's diameter, which shares no line with us: it holds every CCR against the grammar
%% of RFC 8506 (rfc8506.dia), grants what is asked for, and prints what it saw, one line each:
%%   listening | peer HOST | ccr SESSION TYPE NUMBER [ACTION] RETRANSMITTED | fault {AVP, why}
%% erl -noshell -run ocs start PORT
-module(ocs).
-export([start/1]).
-export([peer_up/3, peer_down/3, pick_peer/4, prepare_request/3, prepare_retransmit/3, handle_answer/4, handle_error/4,
         handle_request/3]).
-include_lib("diameter/include/diameter.hrl").
-include("rfc8506.hrl").

start([Port]) ->
    ok = diameter:start(),
    ok = diameter:start_service(ocs, [
        {'Origin-Host', "ocs.otp.example"}, {'Origin-Realm', "lab.example"}, {'Vendor-Id', 0},
        {'Product-Name', "OTP diameter"}, {'Auth-Application-Id', [4]}, {'Origin-State-Id', diameter:origin_state_id()},
        {application, [{alias, cc}, {dictionary, rfc8506}, {module, ?MODULE}, {request_errors, callback}]}]),
    {ok, _} = diameter:add_transport(ocs, {listen, [
        {transport_module, diameter_tcp},
        {transport_config, [{reuseaddr, true}, {ip, {127, 0, 0, 1}}, {port, list_to_integer(Port)}]}]}),
    io:format("listening~n"),
    receive stop -> ok end.

handle_request(#diameter_packet{header = Header, msg = Ccr, errors = Errors}, _Service, {_Ref, Caps}) ->
    [io:format("fault ~0p~n", [Error]) || Error <- Errors],
    #cc_CCR{'Session-Id' = Session, 'CC-Request-Type' = Type, 'CC-Request-Number' = Number, 'Requested-Action' = Action,
            'Requested-Service-Unit' = Asked, 'Multiple-Services-Credit-Control' = Services} = Ccr,
    io:format("ccr ~s ~p ~p ~0p ~p~n", [Session, Type, Number, Action, Header#diameter_header.is_retransmitted]),
    #diameter_caps{origin_host = {Host, _}, origin_realm = {Realm, _}} = Caps,
    {reply, #cc_CCA{'Session-Id' = Session, 'Result-Code' = 2001, 'Origin-Host' = Host, 'Origin-Realm' = Realm,
                    'Auth-Application-Id' = [4], 'CC-Request-Type' = Type, 'CC-Request-Number' = Number,
                    'Granted-Service-Unit' = [granted(Unit) || Unit <- Asked],
                    'Multiple-Services-Credit-Control' = [service(One) || One <- Services]}}.

service(#'cc_Multiple-Services-Credit-Control'{'Requested-Service-Unit' = Asked} = Service) ->
    Service#'cc_Multiple-Services-Credit-Control'{'Granted-Service-Unit' = [granted(Unit) || Unit <- Asked],
        'Requested-Service-Unit' = [], 'Used-Service-Unit' = [], 'Result-Code' = [2001]}.

granted(#'cc_Requested-Service-Unit'{'CC-Money' = Money, 'CC-Service-Specific-Units' = Units}) ->
    #'cc_Granted-Service-Unit'{'CC-Money' = Money, 'CC-Service-Specific-Units' = Units}.

peer_up(_Service, {_Ref, #diameter_caps{origin_host = {_, Host}}}, State) ->
    io:format("peer ~s~n", [Host]),
    State.

peer_down(_Service, _Peer, State) -> State.

%% It only answers.
pick_peer(_Local, _Remote, _Service, _State) -> false.
prepare_request(_Packet, _Service, _Peer) -> erlang:error(unexpected).
prepare_retransmit(_Packet, _Service, _Peer) -> erlang:error(unexpected).
handle_answer(_Packet, _Request, _Service, _Peer) -> erlang:error(unexpected).
handle_error(_Reason, _Request, _Service, _Peer) -> erlang:error(unexpected).
