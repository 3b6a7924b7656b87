// Makes an editor of the text area. Without it, the form works as it is.
const area = document.getElementById("query");

fetch("/terms.json").then((response) => response.json()).then((known) => {
  const { Yasqe } = window;
  const all = { persistenceId: null, bulk: true, autoShow: false };
  // The editor's own lists would be fetched from other hosts.
  const named = (base, name, list) =>
    Yasqe.registerAutocompleter({ ...Yasqe.Autocompleters[base], ...all, name, get: () => Promise.resolve(list) }, false);
  named("prefixes", "pswonto-prefixes", Object.entries(known.prefixes).map(([prefix, iri]) => `${prefix}: <${iri}>`));
  named("class", "pswonto-class", known.classes);
  named("property", "pswonto-property", known.properties);
  Yasqe.defaults.autocompleters = ["variables", "pswonto-prefixes", "pswonto-class", "pswonto-property"];

  const holder = document.createElement("div");
  holder.className = "editor";
  area.after(holder);
  const editor = new Yasqe(holder, {
    value: area.value,
    persistenceId: null,
    createShareableLink: null,
    consumeShareLink: null,
    showQueryButton: false,
    resizeable: false,
    collapsePrefixesOnLoad: false,
    prefixCcApi: null,
    editorHeight: "18rem",
    tabindex: 0,
    extraKeys: {
      ...Yasqe.defaults.extraKeys,
      "Ctrl-Enter": () => area.form.requestSubmit(),
      "Cmd-Enter": () => area.form.requestSubmit(),
      Esc: (cm) => cm.setOption("extraKeys", { ...cm.getOption("extraKeys"), Tab: false, "Shift-Tab": false }),
    },
  });
  editor.getInputField().setAttribute("aria-label", "Query");
  editor.on("focus", () => {
    const { Tab, "Shift-Tab": back, ...rest } = editor.getOption("extraKeys");
    editor.setOption("extraKeys", rest);
  });
  // The area stays in the form, and is what is sent.
  area.hidden = true;
  area.required = false;
  editor.on("change", () => { area.value = editor.getValue(); });
  document.getElementById("keys").hidden = false;

  if (area.dataset.line) {
    const line = Number(area.dataset.line) - 1;
    const column = Number(area.dataset.column) - 1;
    editor.addLineClass(line, "background", "fault-line");
    editor.markText({ line, ch: column }, { line, ch: column + 1 }, { className: "fault-mark" });
    editor.setCursor({ line, ch: column });
    editor.focus();
  }
});
