// What the tests of the layout measure in the page: boxes as they are seen, and texts that are cut or lie over each other.
const seen = element => {
    // The part of an element's box that no scrolling ancestor and no edge of the window takes away.
    let { left, top, right, bottom } = element.getBoundingClientRect();
    for (let one = element.parentElement; one; one = one.parentElement) {
        if (one === document.body || one === document.documentElement) break;
        const style = getComputedStyle(one);
        // What has no box of its own cuts nothing.
        if (style.overflow === 'visible' || style.display === 'contents') continue;
        const box = one.getBoundingClientRect();
        left = Math.max(left, box.left); top = Math.max(top, box.top);
        right = Math.min(right, box.right); bottom = Math.min(bottom, box.bottom);
    }
    left = Math.max(left, 0); top = Math.max(top, 0);
    right = Math.min(right, innerWidth); bottom = Math.min(bottom, innerHeight);
    return { left, top, right, bottom, area: Math.max(0, right - left) * Math.max(0, bottom - top) };
};
const whole = element => {
    const box = element.getBoundingClientRect();
    return box.width * box.height > 0 && seen(element).area > 0.98 * box.width * box.height;
};
const named = id => document.querySelector(`[data-testid="${id}"]`);
const texts = () => {
    // Every piece of text that is shown, with its element.
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const found = [];
    while (walker.nextNode()) {
        const node = walker.currentNode, element = node.parentElement;
        if (!node.data.trim() || element.closest('script, style, noscript, option, [hidden]')) continue;
        if (!element.checkVisibility({ checkVisibilityCSS: true, checkOpacity: true })) continue;
        // What only screen readers are told has a box of one pixel.
        if (element.closest('*') && [element, element.parentElement].some(one => one.clientWidth === 1)) continue;
        found.push([node, element]);
    }
    return found;
};
const label = (node, element) => `${node.data.trim().slice(0, 30)} <${element.tagName.toLowerCase()} class=${element.className.baseVal ?? element.className}>`;
// Texts whose element is narrower or lower than they are.
const cut = () => texts().filter(([, element]) => {
    // Text in a line has no box of its own: the block around it has.
    let block = element;
    while (block.parentElement && getComputedStyle(block).display.startsWith('inline') && !block.clientWidth) block = block.parentElement;
    const style = getComputedStyle(block);
    const scrolls = /auto|scroll/.test(style.overflowX + style.overflowY);
    return !(block instanceof SVGElement) && !scrolls && (block.scrollWidth > block.clientWidth + 1 || block.scrollHeight > block.clientHeight + 2);
}).map(([node, element]) => label(node, element));
// Pairs of texts that lie over each other. The tabs of the sheet stay where they are while the page scrolls below them.
const overlaps = () => {
    const boxes = texts().filter(([, element]) => !element.closest('.sheet-tabs')).flatMap(([node, element]) => {
        const range = document.createRange();
        range.selectNodeContents(node);
        const clip = seen(element);
        return [...range.getClientRects()].map(({ left, top, right, bottom }) => ({
            node, element,
            left: Math.max(left, clip.left), top: Math.max(top, clip.top), right: Math.min(right, clip.right), bottom: Math.min(bottom, clip.bottom),
        })).filter(box => box.right - box.left > 2 && box.bottom - box.top > 2);
    });
    const found = [];
    boxes.forEach((one, index) => boxes.slice(index + 1).forEach(other => {
        const wide = Math.min(one.right, other.right) - Math.max(one.left, other.left);
        const high = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
        if (one.node !== other.node && wide > 2 && high > 4) found.push(`${label(one.node, one.element)} over ${label(other.node, other.element)}`);
    }));
    return found;
};
// Selections whose chosen words have no room.
const narrow = () => [...document.querySelectorAll('select')].filter(select => select.checkVisibility()).filter(select => {
    const style = getComputedStyle(select), pen = document.createElement('canvas').getContext('2d');
    pen.font = style.font;
    const room = select.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
    return pen.measureText(select.selectedOptions[0]?.textContent.trim() ?? '').width > room + 1;
}).map(select => select.dataset.testid + ': ' + select.selectedOptions[0].textContent);
