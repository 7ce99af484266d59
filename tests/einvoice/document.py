# SPDX-License-Identifier: Apache-2.0
"""The business terms of an e-invoice, read from UBL or CII with paths of its own; shares nothing with src/render/einvoice_*. Numbers are
exact Decimals with the digits that were written; what is not there is None."""

import xml.etree.ElementTree as ET
from decimal import Decimal, InvalidOperation
from types import SimpleNamespace

SPACES = {
    "cac": "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2",
    "cbc": "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2",
    "rsm": "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100",
    "ram": "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100",
    "qdt": "urn:un:unece:uncefact:data:standard:QualifiedDataType:100",
    "udt": "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100",
}


def word(node, path, attribute=None):
    found = node.find(path, SPACES) if node is not None else None
    if found is None:
        return None
    value = found.get(attribute) if attribute else (found.text or "").strip()
    return value or None


def number(node, path):
    value = word(node, path)
    if value is None:
        return None
    try:
        return Decimal(value)
    except InvalidOperation as error:
        raise ValueError(f"{path}: {value!r}") from error


def date(node, path):
    value = word(node, path)
    if value and len(value) == 8 and value.isdigit():
        return f"{value[:4]}-{value[4:6]}-{value[6:]}"
    return value


def every(node, path):
    return node.findall(path, SPACES) if node is not None else []


def read(path):
    root = ET.parse(path).getroot()
    return read_cii(root) if root.tag.endswith("}CrossIndustryInvoice") else read_ubl(root)


# --- UBL ---

def ubl_tax_category(node):
    return {"category": word(node, "cbc:ID"), "rate": number(node, "cbc:Percent")}


def ubl_party(root, name):
    party = root.find(f"{name}/cac:Party", SPACES)
    ids = [(word(x, "cac:TaxScheme/cbc:ID"), word(x, "cbc:CompanyID")) for x in every(party, "cac:PartyTaxScheme")]
    address = party.find("cac:PostalAddress", SPACES) if party is not None else None
    return SimpleNamespace(
        name=word(party, "cac:PartyLegalEntity/cbc:RegistrationName"), registration=word(party, "cac:PartyLegalEntity/cbc:CompanyID"),
        identifier=word(party, "cac:PartyIdentification/cbc:ID"), vat=next((v for s, v in ids if s == "VAT"), None),
        tax=next((v for s, v in ids if s != "VAT"), None), endpoint=word(party, "cbc:EndpointID"), scheme=word(party, "cbc:EndpointID", "schemeID"),
        address=address is not None, country=word(address, "cac:Country/cbc:IdentificationCode"))


def ubl_allowance(node):
    return SimpleNamespace(
        charge=word(node, "cbc:ChargeIndicator") == "true", amount=number(node, "cbc:Amount"), base=number(node, "cbc:BaseAmount"),
        pct=number(node, "cbc:MultiplierFactorNumeric"), reason=word(node, "cbc:AllowanceChargeReason"),
        code=word(node, "cbc:AllowanceChargeReasonCode"), **ubl_tax_category(node.find("cac:TaxCategory", SPACES)))


def ubl_line(node, quantity):
    return SimpleNamespace(
        id=word(node, "cbc:ID"), quantity=number(node, quantity), unit=word(node, quantity, "unitCode"), net=number(node, "cbc:LineExtensionAmount"),
        start=date(node, "cac:InvoicePeriod/cbc:StartDate"), end=date(node, "cac:InvoicePeriod/cbc:EndDate"), name=word(node, "cac:Item/cbc:Name"),
        price=number(node, "cac:Price/cbc:PriceAmount"), gross_price=number(node, "cac:Price/cac:AllowanceCharge/cbc:BaseAmount"),
        base=number(node, "cac:Price/cbc:BaseQuantity"), base_unit=word(node, "cac:Price/cbc:BaseQuantity", "unitCode"),
        allowances=[ubl_allowance(x) for x in every(node, "cac:AllowanceCharge")],
        **ubl_tax_category(node.find("cac:Item/cac:ClassifiedTaxCategory", SPACES)))


def read_ubl(root):
    note = root.tag.endswith("}CreditNote")
    currency = word(root, "cbc:DocumentCurrencyCode")
    totals = root.find("cac:LegalMonetaryTotal", SPACES)
    tax_total = next((x for x in every(root, "cac:TaxTotal") if word(x, "cbc:TaxAmount", "currencyID") == currency), None)
    amount = lambda name: number(totals, f"cbc:{name}Amount")
    return SimpleNamespace(
        syntax="ubl", guideline=word(root, "cbc:CustomizationID"), profile=word(root, "cbc:ProfileID"), number=word(root, "cbc:ID"),
        date=date(root, "cbc:IssueDate"), type=word(root, "cbc:CreditNoteTypeCode" if note else "cbc:InvoiceTypeCode"), currency=currency,
        due=date(root, "cbc:DueDate") or date(root, "cac:PaymentMeans/cbc:PaymentDueDate"), terms=word(root, "cac:PaymentTerms/cbc:Note"),
        notes=len(every(root, "cbc:Note")), buyer_reference=word(root, "cbc:BuyerReference"), order=word(root, "cac:OrderReference/cbc:ID"),
        preceding=[word(x, "cac:InvoiceDocumentReference/cbc:ID") for x in every(root, "cac:BillingReference")],
        preceding_dates=[date(x, "cac:InvoiceDocumentReference/cbc:IssueDate") for x in every(root, "cac:BillingReference")],
        means=[word(x, "cbc:PaymentMeansCode") for x in every(root, "cac:PaymentMeans")],
        accounts=[word(x, "cac:PayeeFinancialAccount/cbc:ID") for x in every(root, "cac:PaymentMeans")],
        seller=ubl_party(root, "cac:AccountingSupplierParty"), buyer=ubl_party(root, "cac:AccountingCustomerParty"),
        start=date(root, "cac:InvoicePeriod/cbc:StartDate"), end=date(root, "cac:InvoicePeriod/cbc:EndDate"),
        delivered=date(root, "cac:Delivery/cbc:ActualDeliveryDate"),
        delivered_to=word(root, "cac:Delivery/cac:DeliveryLocation/cac:Address/cac:Country/cbc:IdentificationCode"),
        allowances=[ubl_allowance(x) for x in every(root, "cac:AllowanceCharge")],
        taxes=[SimpleNamespace(base=number(x, "cbc:TaxableAmount"), tax=number(x, "cbc:TaxAmount"),
                               reason=word(x, "cac:TaxCategory/cbc:TaxExemptionReason"), code=word(x, "cac:TaxCategory/cbc:TaxExemptionReasonCode"),
                               **ubl_tax_category(x.find("cac:TaxCategory", SPACES))) for x in every(tax_total, "cac:TaxSubtotal")],
        lines=[ubl_line(x, "cbc:CreditedQuantity" if note else "cbc:InvoicedQuantity")
               for x in every(root, "cac:CreditNoteLine" if note else "cac:InvoiceLine")],
        sum_lines=amount("LineExtension"), sum_allowances=amount("AllowanceTotal"), sum_charges=amount("ChargeTotal"), net=amount("TaxExclusive"),
        tax=number(tax_total, "cbc:TaxAmount"), gross=amount("TaxInclusive"), prepaid=amount("Prepaid"), rounding=amount("PayableRounding"),
        payable=amount("Payable"))


# --- CII ---

def cii_tax_category(node):
    return {"category": word(node, "ram:CategoryCode"), "rate": number(node, "ram:RateApplicablePercent")}


def cii_party(node):
    ids = [(word(x, "ram:ID", "schemeID"), word(x, "ram:ID")) for x in every(node, "ram:SpecifiedTaxRegistration")]
    address = node.find("ram:PostalTradeAddress", SPACES) if node is not None else None
    return SimpleNamespace(
        name=word(node, "ram:Name"), registration=word(node, "ram:SpecifiedLegalOrganization/ram:ID"),
        identifier=word(node, "ram:ID") or word(node, "ram:GlobalID"), vat=next((v for s, v in ids if s == "VA"), None),
        tax=next((v for s, v in ids if s == "FC"), None), endpoint=word(node, "ram:URIUniversalCommunication/ram:URIID"),
        scheme=word(node, "ram:URIUniversalCommunication/ram:URIID", "schemeID"), address=address is not None, country=word(address, "ram:CountryID"))


def cii_allowance(node):
    return SimpleNamespace(
        charge=word(node, "ram:ChargeIndicator/udt:Indicator") == "true", amount=number(node, "ram:ActualAmount"), base=number(node, "ram:BasisAmount"),
        pct=number(node, "ram:CalculationPercent"), reason=word(node, "ram:Reason"), code=word(node, "ram:ReasonCode"),
        **cii_tax_category(node.find("ram:CategoryTradeTax", SPACES)))


def cii_line(node):
    price = node.find("ram:SpecifiedLineTradeAgreement/ram:NetPriceProductTradePrice", SPACES)
    settlement = node.find("ram:SpecifiedLineTradeSettlement", SPACES)
    quantity = "ram:SpecifiedLineTradeDelivery/ram:BilledQuantity"
    period = "ram:BillingSpecifiedPeriod/ram:%sDateTime/udt:DateTimeString"
    return SimpleNamespace(
        id=word(node, "ram:AssociatedDocumentLineDocument/ram:LineID"), quantity=number(node, quantity), unit=word(node, quantity, "unitCode"),
        net=number(settlement, "ram:SpecifiedTradeSettlementLineMonetarySummation/ram:LineTotalAmount"), start=date(settlement, period % "Start"),
        end=date(settlement, period % "End"), name=word(node, "ram:SpecifiedTradeProduct/ram:Name"), price=number(price, "ram:ChargeAmount"),
        gross_price=number(node, "ram:SpecifiedLineTradeAgreement/ram:GrossPriceProductTradePrice/ram:ChargeAmount"),
        base=number(price, "ram:BasisQuantity"), base_unit=word(price, "ram:BasisQuantity", "unitCode"),
        allowances=[cii_allowance(x) for x in every(settlement, "ram:SpecifiedTradeAllowanceCharge")],
        **cii_tax_category(settlement.find("ram:ApplicableTradeTax", SPACES)))


def read_cii(root):
    trade = root.find("rsm:SupplyChainTradeTransaction", SPACES)
    agreement, delivery, settlement = (trade.find(f"ram:ApplicableHeaderTrade{x}", SPACES) for x in ("Agreement", "Delivery", "Settlement"))
    head, context = root.find("rsm:ExchangedDocument", SPACES), root.find("rsm:ExchangedDocumentContext", SPACES)
    totals = settlement.find("ram:SpecifiedTradeSettlementHeaderMonetarySummation", SPACES)
    currency = word(settlement, "ram:InvoiceCurrencyCode")
    amount = lambda name: number(totals, f"ram:{name}Amount")
    day = "/udt:DateTimeString"
    return SimpleNamespace(
        syntax="cii", guideline=word(context, "ram:GuidelineSpecifiedDocumentContextParameter/ram:ID"),
        profile=word(context, "ram:BusinessProcessSpecifiedDocumentContextParameter/ram:ID"), number=word(head, "ram:ID"),
        date=date(head, "ram:IssueDateTime" + day), type=word(head, "ram:TypeCode"), currency=currency,
        due=date(settlement, "ram:SpecifiedTradePaymentTerms/ram:DueDateDateTime" + day),
        terms=word(settlement, "ram:SpecifiedTradePaymentTerms/ram:Description"), notes=len(every(head, "ram:IncludedNote")),
        buyer_reference=word(agreement, "ram:BuyerReference"), order=word(agreement, "ram:BuyerOrderReferencedDocument/ram:IssuerAssignedID"),
        preceding=[word(x, "ram:IssuerAssignedID") for x in every(settlement, "ram:InvoiceReferencedDocument")],
        preceding_dates=[date(x, "ram:FormattedIssueDateTime/qdt:DateTimeString")
                         for x in every(settlement, "ram:InvoiceReferencedDocument")],
        means=[word(x, "ram:TypeCode") for x in every(settlement, "ram:SpecifiedTradeSettlementPaymentMeans")],
        accounts=[word(x, "ram:PayeePartyCreditorFinancialAccount/ram:IBANID") or word(x, "ram:PayeePartyCreditorFinancialAccount/ram:ProprietaryID")
                  for x in every(settlement, "ram:SpecifiedTradeSettlementPaymentMeans")],
        seller=cii_party(agreement.find("ram:SellerTradeParty", SPACES)), buyer=cii_party(agreement.find("ram:BuyerTradeParty", SPACES)),
        start=date(settlement, "ram:BillingSpecifiedPeriod/ram:StartDateTime" + day), end=date(settlement, "ram:BillingSpecifiedPeriod/ram:EndDateTime" + day),
        delivered=date(delivery, "ram:ActualDeliverySupplyChainEvent/ram:OccurrenceDateTime" + day),
        delivered_to=word(delivery, "ram:ShipToTradeParty/ram:PostalTradeAddress/ram:CountryID"),
        allowances=[cii_allowance(x) for x in every(settlement, "ram:SpecifiedTradeAllowanceCharge")],
        taxes=[SimpleNamespace(base=number(x, "ram:BasisAmount"), tax=number(x, "ram:CalculatedAmount"), reason=word(x, "ram:ExemptionReason"),
                               code=word(x, "ram:ExemptionReasonCode"), **cii_tax_category(x)) for x in every(settlement, "ram:ApplicableTradeTax")],
        lines=[cii_line(x) for x in every(trade, "ram:IncludedSupplyChainTradeLineItem")],
        sum_lines=amount("LineTotal"), sum_allowances=amount("AllowanceTotal"), sum_charges=amount("ChargeTotal"), net=amount("TaxBasisTotal"),
        tax=next((Decimal(x.text.strip()) for x in every(totals, "ram:TaxTotalAmount") if x.get("currencyID") == currency), None),
        gross=amount("GrandTotal"), prepaid=amount("TotalPrepaid"), rounding=amount("Rounding"), payable=amount("DuePayable"))
