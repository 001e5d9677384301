"""Suspected personal data: what is found, what is left alone, and that positions are the original's."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from stdnum import luhn
from stdnum.cn import ric, uscc

from portal.publishing.personal_data import MASK, Certainty, PersonalKind, find, mask

SURE, LIKELY, MAYBE = Certainty.CERTAIN, Certainty.LIKELY, Certainty.POSSIBLE
K = PersonalKind

POSITIVES = [
    # text with the finding in «», kind, certainty, remark
    ("电话«13800138000»。", K.MOBILE, LIKELY, "a mobile number"),
    ("找«13800138000»李", K.MOBILE, LIKELY, "among Chinese"),
    ("«138 0013 8000»", K.MOBILE, LIKELY, "spaced 3-4-4"),
    ("«138-0013-8000»", K.MOBILE, LIKELY, "dashed"),
    ("«138.0013.8000»", K.MOBILE, LIKELY, "dotted"),
    ("«138—0013—8000»", K.MOBILE, LIKELY, "long dashes"),
    ("«138·0013·8000»", K.MOBILE, LIKELY, "middle dots"),
    ("«1380013 8000»", K.MOBILE, LIKELY, "7-4"),
    ("«1 3 8 0 0 1 3 8 0 0 0»", K.MOBILE, LIKELY, "every digit apart"),
    ("«1.3.8.0.0.1.3.8.0.0.0»", K.MOBILE, LIKELY, "every digit dotted"),
    ("«13 80 01 38 00 0»", K.MOBILE, LIKELY, "by twos"),
    ("«１３８００１３８０００»", K.MOBILE, LIKELY, "full width"),
    ("«１３８　００１３　８０００»", K.MOBILE, LIKELY, "full width and wide spaces"),
    ("«1\u200b3\u200b8\u200b00138000»", K.MOBILE, LIKELY, "invisible signs inside"),
    ("«138\ufeff0013\u20608000»", K.MOBILE, LIKELY, "other invisible signs"),
    ("«一三八零零一三八零零零»", K.MOBILE, LIKELY, "Chinese numerals"),
    ("«幺三八〇〇幺三八〇〇〇»", K.MOBILE, LIKELY, "as it is read out"),
    ("«壹叁捌零零壹叁捌零零零»", K.MOBILE, LIKELY, "in capital numerals"),
    ("«1三8零0一38000»", K.MOBILE, LIKELY, "digits and numerals mixed"),
    ("«一三八 零零一三 八零零零»", K.MOBILE, LIKELY, "numerals spaced"),
    ("«①③⑧⓪⓪①③⑧⓪⓪⓪»", K.MOBILE, LIKELY, "ringed digits"),
    ("«❶❸❽⓿⓿❶❸❽⓿⓿⓿»", K.MOBILE, LIKELY, "black rings"),
    ("«⑴⑶⑻00⑴⑶⑻000»", K.MOBILE, LIKELY, "bracketed digits"),
    ("«𝟏𝟑𝟖𝟎𝟎𝟏𝟑𝟖𝟎𝟎𝟎»", K.MOBILE, LIKELY, "mathematical digits"),
    ("«1️⃣3️⃣8️⃣0️⃣0️⃣1️⃣3️⃣8️⃣0️⃣0️⃣0»️⃣", K.MOBILE, LIKELY, "key caps"),
    ("«+8613800138000»", K.MOBILE, LIKELY, "with the country"),
    ("«+86 138 0013 8000»", K.MOBILE, LIKELY, "with the country, spaced"),
    ("«0086-13800138000»", K.MOBILE, LIKELY, "with the country, as dialled"),
    ("«013800138000»", K.MOBILE, LIKELY, "with a zero in front"),
    ("周一«13800138000»", K.MOBILE, LIKELY, "a numeral right before it"),
    ("5号13日打«13800138000»", K.MOBILE, LIKELY, "other numbers nearby"),
    ("订单号«15012345678»", K.MOBILE, MAYBE, "it says to be an order"),
    ("(«0516)83720000»", K.LANDLINE, LIKELY, "area code in brackets"),
    ("«0516-83720000»", K.LANDLINE, LIKELY, "area code and number"),
    ("«051683720000»", K.LANDLINE, LIKELY, "written as one"),
    ("«010-6512 3456»", K.LANDLINE, LIKELY, "Peking, spaced"),
    ("«021 65123456»", K.LANDLINE, LIKELY, "Shanghai"),
    ("«0731-8408076»", K.LANDLINE, LIKELY, "seven digits"),
    ("«+86-516-83720000»", K.LANDLINE, LIKELY, "from abroad"),
    ("«０５１６－８３７２００００»", K.LANDLINE, LIKELY, "full width"),
    ("联系电话：«83720000»", K.LANDLINE, MAYBE, "no area code, but said to be a phone"),
    ("致电«8372 0000»", K.LANDLINE, MAYBE, "spaced"),
    ("身份证«11010519491231002X»", K.ID_NUMBER, SURE, "the standard's own example"),
    ("«11010519491231002x»", K.ID_NUMBER, SURE, "a small x"),
    ("«110105 19491231 002X»", K.ID_NUMBER, SURE, "spaced"),
    ("«１１０１０５１９４９１２３１００２Ｘ»", K.ID_NUMBER, SURE, "full width"),
    ("«一一零一零五一九四九一二三一零零二X»", K.ID_NUMBER, SURE, "numerals"),
    ("«1101 0519 4912 3100 2X»", K.ID_NUMBER, SURE, "by fours"),
    ("身份证号：«110105194912310021»", K.ID_NUMBER, MAYBE, "wrong check digit, but said to be one"),
    ("«320311770601001»", K.ID_NUMBER, MAYBE, "15 digits of before 2000"),
    ("身份证«320311770601001»", K.ID_NUMBER, LIKELY, "15 digits, and said"),
    ("«91110000600037341L»", K.CREDIT_CODE, SURE, "a company's code"),
    ("«9111 0000 6000 3734 1L»", K.CREDIT_CODE, SURE, "spaced"),
    ("«９１１１００００６０００３７３４１Ｌ»", K.CREDIT_CODE, SURE, "full width"),
    ("统一社会信用代码«91110000600037341M»", K.CREDIT_CODE, MAYBE, "wrong check sign, but said"),
    ("«6222021105001234562»", K.BANK_CARD, SURE, "19 digits of UnionPay"),
    ("«6222 0211 0500 1234 562»", K.BANK_CARD, SURE, "as printed"),
    ("卡号«6222021105001234561»", K.BANK_CARD, MAYBE, "wrong check digit, but said"),
    ("«5200821234567895»", K.BANK_CARD, MAYBE, "16 digits that pass the check"),
    ("车牌«苏A12345»", K.PLATE, LIKELY, "a number plate"),
    ("«苏A·B1C23»", K.PLATE, LIKELY, "with its dot and letters"),
    ("«苏a 12345»", K.PLATE, LIKELY, "small letter and space"),
    ("«苏ＡＤ１２３４５»", K.PLATE, LIKELY, "new energy, full width"),
    ("«苏AD12345»", K.PLATE, LIKELY, "new energy, small car"),
    ("«苏A12345D»", K.PLATE, LIKELY, "new energy, large car"),
    ("«苏A1234挂»", K.PLATE, LIKELY, "a trailer"),
    ("«苏 A 1 2 3 4 5»", K.PLATE, LIKELY, "spaced out"),
    ("写«li.si+x@example.com»", K.EMAIL, LIKELY, "mail"),
    ("«ｌｉ＠ｅｘａｍｐｌｅ．ｃｏｍ»", K.EMAIL, LIKELY, "full width"),
    ("«lisi @ example . com»", K.EMAIL, LIKELY, "spaced"),
    ("«lisi(at)example.com»", K.EMAIL, LIKELY, "(at)"),
    ("«13800138000@example.com»", K.EMAIL, LIKELY, "one finding, not two"),
    ("«xfj@pinglan.gov.cn»", K.EMAIL, MAYBE, "an office's mail"),
    ("微信号：«lisi_2026»", K.ACCOUNT, MAYBE, "a chat account"),
    ("加QQ«123456789»", K.ACCOUNT, MAYBE, "another"),
    ("住«6号楼2单元301室»", K.ADDRESS, LIKELY, "building, unit, room"),
    ("«６号楼２单元３０１室»", K.ADDRESS, LIKELY, "full width"),
    ("«六号楼二单元三〇一室»", K.ADDRESS, LIKELY, "numerals"),
    ("«6栋2单元301»的业主", K.ADDRESS, LIKELY, "without its last word"),
    ("«2单元301室»", K.ADDRESS, LIKELY, "unit and room"),
    ("«6#楼2单元301»", K.ADDRESS, LIKELY, "with a hash"),
    ("«35栋2407号房»子", K.ADDRESS, LIKELY, "building and room"),
    ("«A座1203室»", K.ADDRESS, LIKELY, "a tower's room"),
    ("«31栋103»业主", K.ADDRESS, MAYBE, "building and number"),
    ("«31栋5楼503»漏水", K.ADDRESS, MAYBE, "with its floor"),
    ("幸福小区«6-2-301»", K.ADDRESS, MAYBE, "in short after a community's name"),
    ("«6-2-301室»", K.ADDRESS, MAYBE, "in short with its last word"),
    ("人民路«12号301室»", K.ADDRESS, MAYBE, "house and room"),
    ("«白苇村三组12号»", K.ADDRESS, LIKELY, "a village house"),
]

NEGATIVES = [
    ("拨打12345", "the city's hotline"),
    ("96111、110、119、120、12315", "short public numbers"),
    ("0731-12345", "a hotline with area code"),
    ("400-612-3456", "a firm's service line"),
    ("客服电话4006123456", "written as one, and said to be a phone"),
    ("致电400-6123-456", "or spaced so that its first half could be a number"),
    ("热线95588", "a bank's hotline"),
    ("2026年3月5日", "a date"),
    ("2026-03-05 17:57:47", "a time stamp"),
    ("20260305175747", "a time stamp in one"),
    ("2019-11-07—2020-12-31", "a span of dates"),
    ("二〇二六年三月十五日", "a date in numerals"),
    ("一九八四、一九八五、一九八六年", "years in numerals"),
    ("共13800138000元", "an amount"),
    ("13800138000.25元", "an amount with cents"),
    ("¥13800138000", "an amount with its sign"),
    ("1,380,013,800,000元", "an amount with commas"),
    ("4952609.59元", "a smaller amount"),
    ("135000000.25元", "an amount of eleven digits in all"),
    ("电话费1234567元", "an amount after the word phone"),
    ("平会厅交〔2026〕3号", "a document number"),
    ("长发改价控〔2017〕96号", "another"),
    ("案件B26-04187", "a case's reference"),
    ("受理号S26-000123", "a receipt"),
    ("GB50096-2011", "a standard"),
    ("设备编码1003788-6200-383653", "a device's number"),
    ("订单20260305123456789", "an order's number of 17 digits"),
    ("110105194912310021", "an ID's shape with a wrong check digit"),
    ("110105194913310021", "an ID's shape with a 13th month"),
    ("990105194912310058", "an ID's shape of no province"),
    ("6222021105001234561", "a card's shape with a wrong check digit"),
    ("91110000600037341M", "a credit code with a wrong check sign"),
    ("138001380001234567890123", "a longer number with a phone inside"),
    ("0138001380", "ten digits"),
    ("23800138000", "eleven digits that begin with 2"),
    ("12800138000", "and with 12"),
    ("138****8000", "masked already"),
    ("13 14 15 16 17 18 19 20 21", "a list of small numbers"),
    ("1、3、5、7、9、11、13、15", "another"),
    ("12000-15000元", "a span of amounts"),
    ("13500-150000", "a span of amounts, eleven digits in all"),
    ("135000-15000", "another"),
    ("(2003-2020)", "a span of years"),
    ("网友“UU0082204”", "a user's pseudonym"),
    ("A00023583", "another"),
    ("苏A区", "no plate"),
    ("京A12", "too short"),
    ("苏A1234567", "too long"),
    ("新GDP2026年", "letters and a year"),
    ("贵单位12345", "a word that begins like a plate"),
    ("苏ABCDEF", "no digits"),
    ("@全体成员", "no mail"),
    ("a@b", "no host"),
    ("微信公众号：平澜发布", "an office's account"),
    ("QQ音乐", "no account"),
    ("人民路12号", "a house in a street"),
    ("5栋弱电井", "a building"),
    ("7-12栋负二层", "a span of buildings"),
    ("4栋新楼共1200户", "a count"),
    ("5栋2018年建成", "a year after a building"),
    ("12栋108套住房", "a count of flats"),
    ("二栋五楼", "a floor"),
    ("6号楼2单元电梯", "a unit's lift"),
    ("政务中心3楼301室", "an office"),
    ("2-独栋", "no room"),
    ("嘉熙中心a座，0731-12345", "an area code after a building"),
    ("请拨打电话转9708。 2017年10月26日", "an extension and a year"),
    ("第310号公告", "an announcement"),
    ("310号室内", "a word that begins like a room"),
    ("2019年1-2-2015", "numbers with dashes"),
    ("", "nothing"),
]


@pytest.mark.parametrize(("marked", "kind", "certainty", "remark"), POSITIVES)
def test_what_is_found(marked: str, kind: PersonalKind, certainty: Certainty, remark: str) -> None:
    start, end = marked.index("«"), marked.index("»") - 1
    text = marked.replace("«", "").replace("»", "")
    hits = [(hit.kind, hit.start, hit.end, hit.certainty) for hit in find(text)]
    assert hits == [(kind, start, end, certainty)], remark
    assert find(text)[0].text == text[start:end], remark
    assert mask(text, find(text)) == text[:start] + MASK + text[end:], remark


@pytest.mark.parametrize(("text", "remark"), NEGATIVES)
def test_what_is_left_alone(text: str, remark: str) -> None:
    assert find(text) == (), remark


def test_several_findings_in_the_order_of_the_text() -> None:
    text = "李某，13800138000/139 0013 9000，苏A12345，住6号楼2单元301室，lisi@example.com"
    assert [hit.kind for hit in find(text)] == [K.MOBILE, K.MOBILE, K.PLATE, K.ADDRESS, K.EMAIL]
    assert mask(text, find(text)) == f"李某，{MASK}/{MASK}，{MASK}，住{MASK}，{MASK}"


def test_two_phones_side_by_side_are_two() -> None:
    assert [hit.text for hit in find("0516-83720000 13800138000")] == ["0516-83720000", "13800138000"]


@given(st.text(max_size=300))
@example("+" * 50 + "1" * 11)
@example("1 " * 200)
@example("1" + "\u200b" * 250)
@example("苏A" * 50)
def test_findings_stand_in_the_original_and_never_overlap(text: str) -> None:
    end = 0
    for hit in find(text):
        assert end <= hit.start < hit.end <= len(text)
        assert text[hit.start : hit.end] == hit.text
        end = hit.end
    assert mask(text, ()) == text


@given(
    st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True),
    st.sampled_from(["", " ", ".", "\u200b", "－"]),
    st.data(),
)
def test_any_mobile_number_is_found_however_it_is_dressed(
    number: str, between: str, data: st.DataObject
) -> None:
    dress = st.sampled_from(["0123456789", "０１２３４５６７８９", "零一二三四五六七八九", "⓪①②③④⑤⑥⑦⑧⑨"])
    digits = data.draw(dress)
    dressed = between.join(digits[int(digit)] for digit in number)
    text = f"请回电，{dressed}，谢谢"
    assert [(hit.kind, hit.text) for hit in find(text)] == [(K.MOBILE, dressed)]


@given(st.dates(), st.from_regex(r"(11|32|44)[0-9]{4}", fullmatch=True), st.integers(0, 999))
def test_any_id_number_with_its_check_digit_is_certain_and_with_another_is_none(born, area, order) -> None:  # type: ignore[no-untyped-def]
    if born.year < 1900:
        return
    first = f"{area}{born:%Y%m%d}{order:03}"
    right = ric.calc_check_digit(first + "0")
    hits = find(f"号码{first}{right}")
    assert [(hit.kind, hit.certainty) for hit in hits] == [(K.ID_NUMBER, SURE)]
    wrong = "0" if right != "0" else "1"
    assert not [hit for hit in find(f"号码{first}{wrong}") if hit.kind is K.ID_NUMBER]


@given(st.from_regex(r"62[0-9]{13,16}", fullmatch=True))
def test_any_union_card_with_its_check_digit_is_certain(number: str) -> None:
    hits = find(number + luhn.calc_check_digit(number))
    assert [(hit.kind, hit.certainty) for hit in hits] in ([(K.BANK_CARD, SURE)], [(K.ID_NUMBER, SURE)])


@given(st.from_regex(r"9[12][0-9]{6}MA[0-9A-HJ-NPQRTUWXY]{7}", fullmatch=True))
def test_any_credit_code_with_its_check_sign_is_certain(first: str) -> None:
    hits = find(first + uscc.calc_check_digit(first))
    assert [(hit.kind, hit.certainty) for hit in hits] == [(K.CREDIT_CODE, SURE)]
