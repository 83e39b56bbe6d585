/* The admin would look for a text field beside a chosen file, to write its name into; ours shows it itself. */
document.getElementById("begin-chosen").hasChangeListener = true;
