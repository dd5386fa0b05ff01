/**
 * Turns "@Mara" and "#general", as people type them, into the marks that messages carry.
 * @module composer/mentions
 */

/**
 * @param {string} text
 * @param {object | null} guild
 */
export function writeMentions(text, guild) {
  if (!guild) return text;
  const names = [
    ...guild.members.flatMap((member) => [[`@${member.name}`, `<@${member.id}>`], [`@${member.username}`, `<@${member.id}>`]]),
    ...guild.roles.filter((role) => !role.name.startsWith('@')).map((role) => [`@${role.name}`, `<@&${role.id}>`]),
    ...guild.channels.filter((channel) => channel.type === 0).map((channel) => [`#${channel.name}`, `<#${channel.id}>`]),
  ];
  // Longer names first, so that "@Mara Lind" is not cut to "@Mara".
  names.sort(([one], [other]) => other.length - one.length);
  // What stands in backticks is code and stays as typed.
  return text.split(/(`+[^`]*`+)/).map((part, index) => (index % 2 ? part : replaceNames(part, names))).join('');
}

/** @param {string} text @param {string[][]} names */
function replaceNames(text, names) {
  let result = '';
  let at = 0;
  while (at < text.length) {
    const startsWord = at === 0 || !/[\w<]/.test(text[at - 1]);
    const found = startsWord && names.find(([name]) => matches(text, at, name));
    result += found ? found[1] : text[at];
    at += found ? found[0].length : 1;
  }
  return result;
}

function matches(text, at, name) {
  const end = at + name.length;
  return text.slice(at, end).toLowerCase() === name.toLowerCase() && !/[\w-]/.test(text[end] ?? '');
}
