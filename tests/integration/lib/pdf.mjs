// PDFs, put together by hand as text.

/** Of objects 1, 2 and so on, of which the first is the catalog. */
export function pdfOf(objects, trailer = '') {
    let file = '%PDF-1.4\n';
    const places = objects.map((object, i) => {
        const place = file.length;
        file += `${i + 1} 0 obj\n${object}\nendobj\n`;
        return `${String(place).padStart(10, '0')} 00000 n \n`;
    });
    const size = objects.length + 1;
    file += `xref\n0 ${size}\n0000000000 65535 f \n${places.join('')}`;
    file += `trailer\n<< /Size ${size} /Root 1 0 R ${trailer} >>\n`;
    return Buffer.from(`${file}startxref\n${file.indexOf('xref\n')}\n%%EOF\n`, 'latin1');
}

export const catalog = '<< /Type /Catalog /Pages 2 0 R >>';

/** The objects of a PDF with one page; as many as wanted may follow. */
export function pageObjects(content, { box = '0 0 600 800', resources = '' } = {}) {
    return [
        catalog,
        '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
        `<< /Type /Page /Parent 2 0 R /MediaBox [${box}] /Contents 4 0 R /Resources << ${resources} >> >>`,
        `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
    ];
}

export const pdfPage = (content, options) => pdfOf(pageObjects(content, options));

/** Behind a password that nobody is told. */
export function encryptedPdf(content) {
    const secret = `<${'a'.repeat(64)}>`;
    const lock = `<< /Filter /Standard /V 1 /R 2 /P -4 /O ${secret} /U ${secret} >>`;
    return pdfOf([...pageObjects(content), lock], '/Encrypt 5 0 R /ID [<00> <00>]');
}
