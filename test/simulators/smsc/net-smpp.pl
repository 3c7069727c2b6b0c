# A second implementation of SMPP (Net::SMPP, Debian's libnet-smpp-perl) plays ESME. Prints one line per exchange.
use strict;
use warnings;
use Net::SMPP;

my ($port) = @ARGV;
$| = 1;
my ($smsc, $bound) = Net::SMPP->new_transceiver('127.0.0.1', port => $port, system_id => 'orderd', password => 'secret', smpp_version => 0x34)
    or die "no connection: $!";
printf "bind %d %s\n", $bound->status, $bound->{system_id};
printf "enquire_link %d\n", $smsc->enquire_link->status;

my $submitted = $smsc->submit_sm(source_addr => '5000', destination_addr => '254700000001', short_message => 'from perl', registered_delivery => 1);
printf "submit_sm %d\n", $submitted->status;
my $receipt = $smsc->read_pdu;
my ($same) = $receipt->{short_message} =~ /^id:(\S+)/;
printf "receipt %d %s %s\n", $receipt->{esm_class}, ($same eq $submitted->{message_id} ? 'same id' : 'other id'), $receipt->{receipted_message_id} =~ /^\Q$same\E/ ? 'same TLV' : 'other TLV';
$smsc->deliver_sm_resp(seq => $receipt->{seq}, message_id => '');

my $mo = $smsc->read_pdu;
printf "mo %s %s %s\n", $mo->{source_addr}, $mo->{destination_addr}, $mo->{short_message};
$smsc->deliver_sm_resp(seq => $mo->{seq}, message_id => '');

printf "refused %d\n", $smsc->submit_sm(source_addr => '5000', destination_addr => '', short_message => 'x')->status;
printf "unbind %d\n", $smsc->unbind->status;
