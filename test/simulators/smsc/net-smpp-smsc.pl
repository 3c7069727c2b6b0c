# A second implementation of SMPP (Net::SMPP, Debian's libnet-smpp-perl) plays SMSC: it takes one bind, sends the text NEWS,
# accepts what is submitted with a receipt each, and ends when the ESME unbinds. Prints one line per PDU from the ESME.
# perl net-smpp-smsc.pl PORT SUBSCRIBER
use strict;
use warnings;
use Net::SMPP;

my ($port, $subscriber) = @ARGV;
$| = 1;
my $listener = Net::SMPP->new_listen('127.0.0.1', port => $port, smpp_version => 0x34, async => 1) or die "no port: $!";
print "listening\n";
my $esme = $listener->accept or die "nobody came: $!";
my ($ids, %waits) = (0);

sub text {
    my ($why, %fields) = @_;
    my $seq = $esme->deliver_sm(source_addr_ton => 1, source_addr_npi => 1, destination_addr => '5000', %fields);
    $waits{$seq} = $why;
}

while (my $pdu = $esme->read_pdu) {
    my $cmd = $pdu->{cmd};
    if ($cmd == Net::SMPP::CMD_bind_transceiver) {
        printf "bind_transceiver %s version %x\n", $pdu->{system_id}, $pdu->{interface_version};
        $esme->bind_transceiver_resp(seq => $pdu->{seq}, system_id => 'perl');
        text('mo', source_addr => $subscriber, short_message => 'NEWS');
    } elsif ($cmd == Net::SMPP::CMD_deliver_sm_resp) {
        printf "deliver_sm_resp %s %d\n", $waits{$pdu->{seq}} // 'of nothing', $pdu->{status};
    } elsif ($cmd == Net::SMPP::CMD_enquire_link) {
        $esme->enquire_link_resp(seq => $pdu->{seq});
    } elsif ($cmd == Net::SMPP::CMD_submit_sm) {
        printf "submit_sm %s to %s coding %d receipt %d: %s\n", $pdu->{source_addr}, $pdu->{destination_addr},
            $pdu->{data_coding}, $pdu->{registered_delivery} & 1, $pdu->{short_message};
        my $id = sprintf '%08x', ++$ids;
        $esme->submit_sm_resp(seq => $pdu->{seq}, message_id => $id);
        my $receipt = "id:$id sub:001 dlvrd:001 submit date:2611291200 done date:2611291200 stat:DELIVRD err:000 text:";
        text('receipt', source_addr => $pdu->{destination_addr}, esm_class => 4, short_message => $receipt);
    } elsif ($cmd == Net::SMPP::CMD_unbind) {
        print "unbind\n";
        $esme->unbind_resp(seq => $pdu->{seq});
        print "closed\n" if sysread($esme, my $more, 1) == 0;
        last;
    } else {
        printf "command %08x\n", $cmd;
    }
}
