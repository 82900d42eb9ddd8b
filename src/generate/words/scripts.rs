//! Titles and sentences in other scripts, and in Latin with more marks than English has.

/// Words of one language.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::generate) struct Script {
    pub(in crate::generate) titles: &'static [&'static str],
    pub(in crate::generate) sentences: &'static [&'static str],
    /// What stands between two sentences.
    pub(in crate::generate) gap: &'static str,
}

pub(in crate::generate) const SCRIPTS: &[Script] = &[
    // Russian
    Script {
        titles: &[
            "Заметки дежурного: «%s» и %k",
            "Как мы взялись за «%s» в %k",
            "Спокойный разговор о «%s», на примере %k",
            "Что пошло не так: %s, %k",
            "Короткий путь к «%s» для команды %k",
            "Ещё раз про «%s» и немного про %k",
        ],
        sentences: &[
            "Сначала мы просто смотрели на график и ничего не трогали, и это было лучшее решение за весь день.",
            "Ошибка повторялась каждую ночь, но только в те дни, когда никто не ждал отчёта.",
            "Мы записали, какой результат ожидаем, и лишь потом запустили %t.",
            "Оказалось, что %o здесь ни при чём, хотя вся команда была уверена в обратном.",
            "Старый способ мы оставили ещё на неделю, чтобы можно было спокойно вернуться.",
            "Если объяснение не помещается в две фразы, значит, мы сами его пока не поняли.",
            "В %k значения по умолчанию выбраны для первого знакомства, а не для настоящей нагрузки.",
        ],
        gap: " ",
    },
    // Greek
    Script {
        titles: &[
            "Σημειώσεις για «%s» με %k",
            "Τι μάθαμε από το %k και το «%s»",
            "Μια ήρεμη ματιά στο «%s», με παράδειγμα το %k",
            "Πριν ξεκινήσετε: %s, %k",
            "Μικρά βήματα στο %k για «%s»",
        ],
        sentences: &[
            "Πρώτα μετρήσαμε και μετά αλλάξαμε ένα μόνο πράγμα, ώστε να ξέρουμε τι έφταιγε.",
            "Το πρόβλημα φαινόταν μόνο το μεσημέρι, όταν όλοι έλειπαν για φαγητό.",
            "Κρατήστε έναν δρόμο επιστροφής, ακόμη κι αν είστε βέβαιοι ότι δεν θα χρειαστεί.",
            "Με το %t είδαμε ότι η ουρά δεν άδειαζε ποτέ, και αυτό εξηγούσε σχεδόν τα πάντα.",
            "Γράψτε το αναμενόμενο αποτέλεσμα δίπλα σε κάθε εντολή.",
            "Κανείς δεν θυμόταν γιατί ο αριθμός ήταν %n, κι έτσι τον μετρήσαμε ξανά.",
        ],
        gap: " ",
    },
    // Japanese
    Script {
        titles: &[
            "%kで学ぶ「%s」の基本",
            "「%s」を見直す、%kの現場から",
            "%k運用ノート：%s",
            "はじめての「%s」と%k",
            "静かな夜の「%s」、%k編",
        ],
        sentences: &[
            "まず計測し、それから一つだけ変更し、もう一度計測します。",
            "原因は画面の上ではなく、誰も読まない記録の二行目にありました。",
            "元に戻す手順を先に書いておくと、夜中に慌てずに済みます。",
            "%tの出力を最後まで読むだけで、答えの半分は見つかりました。",
            "期待する結果を書いておけば、成功と偶然を見分けることができます。",
            "古い仕組みは一週間だけ残し、問題がないことを確かめてから消しました。",
            "担当者の名前と日付を残すことが、いちばん安い改善でした。",
        ],
        gap: "",
    },
    // Arabic
    Script {
        titles: &[
            "ملاحظات حول %s في %k",
            "كيف تعاملنا مع %s باستخدام %k",
            "نظرة هادئة إلى %s مع %k",
            "قبل أن تبدأ: %s في %k",
            "دروس من %k عن %s",
        ],
        sentences: &[
            "بدأنا بالقياس قبل أي تغيير، ثم غيّرنا شيئًا واحدًا فقط.",
            "كانت المشكلة تظهر في الليل ولا يراها أحد في الصباح.",
            "اكتب طريق العودة قبل أن تكتب طريق التقدّم.",
            "ساعدنا %t على رؤية ما كان واضحًا منذ البداية.",
            "من المفيد أن يُكتب اسم المسؤول وتاريخ القرار في مكان واحد.",
            "أبقينا الطريقة القديمة أسبوعًا كاملًا حتى نطمئن.",
        ],
        gap: " ",
    },
    // Hebrew
    Script {
        titles: &[
            "רשימות על %s עם %k",
            "מה למדנו מ־%k על %s",
            "מבט רגוע על %s בסביבת %k",
            "לפני שמתחילים: %s, %k",
            "יומן קצר של %s ב־%k",
        ],
        sentences: &[
            "קודם מדדנו, אחר כך שינינו דבר אחד, ואז מדדנו שוב.",
            "התקלה הופיעה רק בלילה, ובבוקר כבר לא נשאר ממנה סימן.",
            "כדאי לכתוב את הדרך חזרה לפני שיוצאים לדרך.",
            "בעזרת %t ראינו שהתור אינו מתרוקן אף פעם.",
            "השארנו את השיטה הישנה עוד שבוע, ואיש לא שם לב.",
            "אם ההסבר אינו נכנס בשני משפטים, הוא עדיין לא מוכן.",
        ],
        gap: " ",
    },
    // Vietnamese
    Script {
        titles: &[
            "Ghi chép về %s trong %k",
            "Chúng tôi đã làm gì với %s và %k",
            "Một góc nhìn bình tĩnh về %s với %k",
            "Trước khi bắt đầu %s trong %k",
            "Những bước nhỏ cho %s, phần %k",
        ],
        sentences: &[
            "Trước hết hãy đo lường, sau đó chỉ thay đổi một thứ duy nhất.",
            "Lỗi chỉ xuất hiện vào buổi trưa, khi không ai nhìn vào màn hình.",
            "Hãy viết đường quay lại trước khi viết đường đi tới.",
            "Nhờ %t chúng tôi thấy hàng đợi chưa bao giờ trống.",
            "Không ai nhớ vì sao con số là %n, nên chúng tôi đo lại từ đầu.",
            "Cách cũ được giữ thêm một tuần để mọi người yên tâm.",
        ],
        gap: " ",
    },
    // French
    Script {
        titles: &[
            "Journal d’été, %s côté %k",
            "Où mène “%s” avec %k",
            "Déjà vu, %s à l’épreuve de %k",
            "Ce que %k nous a appris sur %s, à Noël",
            "Le cœur du problème, %s et %k",
        ],
        sentences: &[
            "Nous avons d’abord mesuré, puis changé une seule chose, et c’était déjà beaucoup.",
            "L’erreur n’apparaissait qu’à midi, précisément quand personne n’était là.",
            "Gardez l’ancien chemin une semaine de plus, même s’il paraît dépassé.",
            "Grâce à %t, nous avons compris que la file ne se vidait jamais.",
            "Notez le résultat espéré à côté de chaque commande, ça évite bien des débats.",
        ],
        gap: " ",
    },
    // German
    Script {
        titles: &[
            "Größere Mühe, kleiner Fehler, %s in %k",
            "Über %s und die Tücken von %k",
            "Was übrig bleibt, %s für %k",
            "Früh übt sich, %s mit %k",
            "Straßenkarte für %s in %k",
        ],
        sentences: &[
            "Zuerst haben wir gemessen, dann genau eine Sache geändert und schließlich wieder gemessen.",
            "Der Fehler zeigte sich nur mittags, während alle außer Haus waren.",
            "Der Rückweg gehört aufgeschrieben, bevor sich jemand auf den Weg macht.",
            "Mit %t ließ sich zeigen, dass die Warteschlange nie leer wurde.",
            "Größe ist kein Maß für Güte, und %n Zeilen genügten für die Lösung.",
        ],
        gap: " ",
    },
    // Polish
    Script {
        titles: &[
            "Źródła kłopotów, %s w %k",
            "Łatwiej niż myślisz, %s z %k",
            "Dziennik dyżurnego, %s i %k",
            "Ćwiczenia z %s dla %k",
            "Jeszcze raz o %s, część o %k",
        ],
        sentences: &[
            "Najpierw zmierzyliśmy, potem zmieniliśmy tylko jedną rzecz, i to wystarczyło.",
            "Błąd pojawiał się w południe, gdy nikt nie patrzył na wykresy.",
            "Drogę powrotną warto zapisać, zanim ktokolwiek wyruszy.",
            "Dzięki %t zobaczyliśmy, że kolejka nigdy się nie opróżnia.",
            "Jeśli wyjaśnienie nie mieści się w dwóch zdaniach, jeszcze nie jest gotowe.",
        ],
        gap: " ",
    },
    // Emoji
    Script {
        titles: &[
            "👩‍💻 %s in %k, step by step",
            "🧑🏽‍🚒 on call again, %s with %k",
            "👨‍👩‍👧‍👦 a family of services, %s in %k",
            "🏳️‍🌈 what %k taught everybody about %s",
            "🕵️‍♀️ the case of %s in %k",
        ],
        sentences: &[
            "Our bot 🤖 posted a picture of a burning server 🔥, and for once it was not exaggerating.",
            "The person on call 👩🏾‍🔧 wrote down each step, and the person after her 🧑‍🚀 was grateful for it.",
            "A thumbs up 👍🏽 is no review, as we learned with %o.",
            "The team 👨‍👩‍👦 met for ten minutes ☕️ and agreed on one number.",
            "We marked the way back with 🏴‍☠️ in the runbook, so that nobody overlooks it.",
        ],
        gap: " ",
    },
];
