-- Which fonts help out where the fonts of the book lack a character. \abScripts names the scripts that the book uses;
-- only their fonts are loaded. Fonts are named by file, so that the same ones are found on every system; the press
-- reads their names from here.

local used = {}
for script in token.get_macro("abScripts"):gmatch("%a+") do
  used[script] = true
end

local function cjk(style, number)
  return { "cjk", "file:Noto" .. style .. ".ttc(" .. number .. "):mode=node;script=hani;" }
end

local function fallback(name, ...)
  local fonts = {}
  for _, font in ipairs({
    { "emoji", "file:NotoColorEmoji.ttf:mode=harf;" },
    { "hebrew", "file:NotoSansHebrew-Regular.ttf:mode=harf;script=hebr;" },
    { "arabic", "file:NotoSansArabic-Regular.ttf:mode=harf;script=arab;" },
    { "devanagari", "file:NotoSansDevanagari-Regular.ttf:mode=harf;script=dev2;" },
    { "thai", "file:NotoSansThai-Regular.ttf:mode=harf;script=thai;" },
    ...
  }) do
    if used[font[1]] then
      fonts[#fonts + 1] = font[2]
    end
  end
  luaotfload.add_fallback(name, fonts)
end

local function others(name)
  return { "others", "file:" .. name .. ".ttf:mode=node;" }
end

fallback("abtext", cjk("SerifCJK-Regular", 2), others("DejaVuSerif"), others("DejaVuSans"), others("NotoSansSymbols2-Regular"))
fallback("abtextbold", cjk("SerifCJK-Bold", 2), others("DejaVuSerif-Bold"), others("DejaVuSans-Bold"))
fallback("absans", cjk("SansCJK-Regular", 2), others("DejaVuSans"), others("NotoSansSymbols2-Regular"))
fallback("absansbold", cjk("SansCJK-Bold", 2), others("DejaVuSans-Bold"))
fallback("abcode", cjk("SansCJK-Regular", 7), others("DejaVuSans"), others("NotoSansSymbols2-Regular"))

if used.emoji then
  tex.print([[\newfontfamily\abEmoji{NotoColorEmoji.ttf}[Renderer=HarfBuzz] ]])
end
