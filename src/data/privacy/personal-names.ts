/** What columns with personal data are called, in the languages in which tables are most often written. */

/**
 * Kinds of personal data: what GDPR (art. 4 and 9) and the list of HIPAA's Safe Harbor (45 CFR 164.514(b)(2)) name and
 * what a column can be called.
 */
export const PERSONAL_KINDS = [
  'name',
  'email',
  'phone',
  'postal-address',
  'birth-date',
  'national-number',
  'passport-or-licence',
  'payment-card',
  'bank-account',
  'ip-address',
  'device',
  'vehicle',
  'coordinates',
  'medical-record',
  'health-plan',
  'account',
  'secret',
  'web-address',
  'biometric',
  'special-category',
] as const;
export type PersonalKind = (typeof PERSONAL_KINDS)[number];

/**
 * Names as they stand at the end of a column's name, without spaces, accents and case: `home_phone_number` ends in
 * `phonenumber`, `EmailAddress` is `emailaddress`.
 */
export const PERSONAL_NAMES: Readonly<Record<PersonalKind, string>> = {
  name: `firstname lastname fullname givenname familyname middlename maidenname surname forename nickname
    personname customername clientname patientname employeename contactname passengername studentname membername
    guestname cardholdername cardholder accountholder ownername username userfullname childname mothername
    mothersmaidenname fathername spousename nextofkin legalname displayname authorname
    vorname nachname familienname geburtsname vollername kundenname patientenname
    prenom nomdefamille nomcomplet nomdeclient nomclient patronyme
    nombrecompleto nombres apellido apellidos primerapellido segundoapellido nombrecliente
    cognome nomecompleto nomecognome sobrenome nomedocliente nomecliente nomemae nomedamae
    voornaam achternaam imie nazwisko imieinazwisko fornamn efternamn fornavn etternavn efternavn etunimi sukunimi
    keresztnev vezeteknev jmeno prijmeni soyad soyadi adsoyad soyisim
    imya familiya otchestvo имя фамилия отчество фио 姓名 名字 氏名 名前 이름 성명 الاسم नाम`,
  email: `email emails emailaddress emailaddr emailadress mail mailaddress mailadress useremail contactemail
    workemail personalemail correo correoelectronico courriel adressemail adressemail mailadresse emailadresse
    epost epostadress eposta sahkoposti posta 邮箱 电子邮件 电子邮箱 メール メールアドレス 이메일 почта
    электроннаяпочта البريدالإلكتروني ईमेल`,
  phone: `phone phonenumber phoneno phonenum telephone telephonenumber tel telno telnumber mobile mobilephone
    mobilenumber mobileno cell cellphone cellnumber fax faxnumber faxno homephone workphone contactnumber msisdn
    whatsapp telefon telefonnummer handynummer mobilnummer rufnummer telefono celular movil numerodetelefono
    telephoneportable numerodetelephone telefone numerodetelefone cellulare telefoonnummer mobiel
    numertelefonu puhelin puhelinnumero telefonszam cep ceptelefonu телефон мобильный номертелефона 电话 手机 手机号
    手机号码 电话号码 電話 電話番号 携帯 携帯番号 전화번호 휴대폰 الهاتف फोन`,
  'postal-address': `address streetaddress homeaddress postaladdress mailingaddress billingaddress shippingaddress
    addressline streetname housenumber street zip zipcode zip4 postcode postalcode
    adresse anschrift strasse strassenname hausnummer postleitzahl plz rue codepostal adressepostale
    direccion domicilio calle codigopostal indirizzo endereco logradouro cep
    adres straatnaam huisnummer ulica kodpocztowy adressrad gatuadress postnummer gateadresse osoite postinumero
    lakcim irsz адрес улица почтовыйиндекс 地址 住址 住所 郵便番号 주소 우편번호 العنوان पता`,
  'birth-date': `dob dateofbirth birthdate birthday birthdt dayofbirth bdate geburtsdatum gebdatum geburtstag
    datedenaissance datenaissance fechadenacimiento fechanacimiento datadinascita datanascita
    datadenascimento datanascimento geboortedatum dataurodzenia fodelsedatum fodselsdato fodselsdag syntymaaika
    szuletesidatum dogumtarihi датарождения 出生日期 生日 生年月日 생년월일 تاريخالميلاد जन्मतिथि
    dateofdeath deathdate sterbedatum admissiondate dischargedate`,
  'national-number': `ssn ssnlast4 socialsecurity socialsecuritynumber socialsecurityno socsecnum
    socialinsurancenumber nationalid nationalidnumber nationalinsurance nationalinsurancenumber nino nhsnumber nhsno
    personalid personalnumber personalidentitynumber identitynumber identitycard idcard idcardnumber citizenid
    taxid taxnumber taxpayerid itin steuerid steuernummer steueridentifikationsnummer sozialversicherungsnummer
    svnr ahvnummer ahv personalausweis insee nir numerosecu numerodesecuritesociale dni nie nif curp rfc
    codicefiscale codfisc cpf cnpj rg bsn burgerservicenummer sofinummer pesel personnummer fodselsnummer cprnummer
    cpr cprnr henkilotunnus hetu isikukood asmenskodas rodnecislo oib cnp jmbg tckimlik tckimlikno tckn aadhaar
    aadhar aadhaarnumber pannumber mynumber снилс инн 身份证 身份证号 身份证号码 マイナンバー 주민등록번호 आधार`,
  'passport-or-licence': `passport passportnumber passportno passportnum passnummer reisepass numerodepasseport
    pasaporte passaporte passaporto paspoort driverlicense driverslicense drivinglicense drivinglicence
    driverlicence driverslicence licensenumber licencenumber certificatenumber fuehrerschein fuhrerschein permisdeconduire cnh
    护照 护照号 护照号码 パスポート 여권번호 паспорт`,
  'payment-card': `creditcard creditcardnumber creditcardno ccnumber ccnum cardnumber cardno cardnum debitcard
    debitcardnumber cvv cvc cvv2 kreditkarte kreditkartennummer cartebancaire numerodecarte tarjetadecredito
    numerodetarjeta cartadicredito cartaodecredito numerocartao номеркарты 银行卡 银行卡号 信用卡 信用卡号
    クレジットカード 카드번호`,
  'bank-account': `iban bic swift bankaccount bankaccountnumber bankaccountno accountnumber accountno acctnumber
    acctno acctnum routingnumber sortcode kontonummer bankverbindung rib numerodecompte cuentabancaria
    numerodecuenta contobancario contocorrente contabancaria rekeningnummer numerkonta kontonr 银行账号 口座番号 계좌번호`,
  'ip-address': `ip ips ipaddress ipaddr ipv4 ipv6 clientip remoteip userip sourceip srcip remoteaddr
    remoteaddress adresseip direccionip ipadresse indirizzoip ipадрес`,
  device: `mac macaddress macaddr imei imsi deviceid deviceserial deviceserialnumber udid idfa gaid aaid
    advertisingid androidid cookieid fingerprintid`,
  vehicle: `vin vehicleidentificationnumber licenseplate licenceplate numberplate platenumber plateno kennzeichen
    nummernschild immatriculation matricula targa kenteken 车牌 车牌号 ナンバープレート`,
  coordinates: `latitude longitude lat lon lng latlng latlon geolocation gps gpslocation gpscoordinates coordinates
    breitengrad laengengrad langengrad latitud longitud latitudine longitudine 纬度 经度 緯度 経度`,
  'medical-record': `mrn medicalrecord medicalrecordnumber medicalrecordno patientid patientnumber hospitalnumber
    patientennummer fallnummer numerodedossier historiaclinica numerohistoriaclinica 病历号 カルテ番号`,
  'health-plan': `healthplan healthplanid healthplannumber beneficiarynumber beneficiaryid medicareid medicarenumber
    medicaidid medicaidnumber mbi hicn insurancenumber insurancepolicynumber insuredid healthcardnumber
    krankenversicherungsnummer versichertennummer krankenkassennummer numerodemutuelle 医保号 保険証番号`,
  account: `useraccount login loginname loginid userhandle screenname twitterhandle instagramhandle
    facebookid linkedinurl skypeid benutzername nutzername identifiant nombredeusuario nomeutente gebruikersnaam`,
  secret: `password passwd passphrase pwd pincode secret apikey accesstoken refreshtoken authtoken privatekey
    securityquestion securityanswer passwort kennwort motdepasse contrasena senha wachtwoord haslo пароль 密码
    パスワード 비밀번호`,
  'web-address': `homepage websiteurl personalwebsite profileurl portfoliourl avatarurl`,
  biometric: `fingerprint fingerprints faceencoding faceembedding faceid retinascan irisscan voiceprint faceimage
    facephoto photourl profilephoto profilepicture fullfacephoto genome dnasequence`,
  'special-category': `religion religiousaffiliation religiousbelief sexualorientation politicalopinion
    politicalaffiliation politicalparty tradeunion unionmembership ethnicity ethnicorigin race racialorigin
    hivstatus criminalrecord criminalconvictions konfession religionszugehoerigkeit`,
};

/** A name that is personal only where it is the whole name of the column: `product_name` is nobody's. */
export const PERSONAL_WHOLE_NAMES: Readonly<Record<string, PersonalKind>> = {
  name: 'name',
  names: 'name',
  nom: 'name',
  nombre: 'name',
  nome: 'name',
  naam: 'name',
  namn: 'name',
  navn: 'name',
  nimi: 'name',
  nev: 'name',
  adi: 'name',
  person: 'name',
};
