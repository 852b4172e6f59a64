// Addresses for bytes, and files to save.
export const create = (content, type) => URL.createObjectURL(new Blob([content], { type }));

export const revoke = address => URL.revokeObjectURL(address);

export const save = (name, content, type) => {
  const link = document.createElement('a');
  link.href = create(content, type);
  link.download = name;
  link.click();
  setTimeout(() => revoke(link.href), 10_000); // The browser has taken it long before.
};
