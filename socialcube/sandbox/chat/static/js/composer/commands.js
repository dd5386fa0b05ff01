/**
 * Slash commands as one types them: sub-commands are entries of their own.
 * @module composer/commands
 */

export const OPTION = {
  SUB_COMMAND: 1, SUB_COMMAND_GROUP: 2, STRING: 3, INTEGER: 4, BOOLEAN: 5, USER: 6,
  CHANNEL: 7, ROLE: 8, MENTIONABLE: 9, NUMBER: 10, ATTACHMENT: 11,
};

/**
 * @typedef {object} Entry
 * @property {string} commandId
 * @property {{id: string, name: string, bot: boolean, online: boolean}} bot
 * @property {string} name what one types after the slash, such as "ticket close"
 * @property {{type: number, name: string}[]} path the sub-command group and sub-command, when there are
 * @property {string} description
 * @property {object[]} options of the command or sub-command itself
 */

/**
 * Lists what can be typed in a server, bot by bot.
 * @param {object | null} guild
 * @returns {Entry[]}
 */
export function listEntries(guild) {
  if (!guild) return [];
  const entries = guild.commands.flatMap((command) => {
    const bot = guild.members.find((member) => member.id === command.application_id);
    return bot ? expand(command, { commandId: command.id, bot, path: [] }, command.name) : [];
  });
  return entries.sort((one, other) => one.bot.name.localeCompare(other.bot.name) || one.name.localeCompare(other.name));
}

/** @param {object} node a command, group or sub-command @returns {Entry[]} */
function expand(node, base, name) {
  const options = node.options ?? [];
  const nested = options.filter((option) => option.type <= OPTION.SUB_COMMAND_GROUP);
  if (!nested.length) return [{ ...base, name, description: node.description, options }];
  return nested.flatMap((sub) => expand(sub, { ...base, path: [...base.path, { type: sub.type, name: sub.name }] }, `${name} ${sub.name}`));
}

/**
 * Keeps the entries that a query may mean: those that start with it before those that contain it.
 * @param {Entry[]} entries
 * @param {string} query without the slash
 */
export function filterEntries(entries, query) {
  const wanted = query.trim().toLowerCase();
  const starts = entries.filter((entry) => entry.name.toLowerCase().startsWith(wanted));
  const contains = entries.filter((entry) => !starts.includes(entry) && entry.name.toLowerCase().includes(wanted));
  return [...starts, ...contains];
}

/**
 * Wraps values into the path of their sub-command, as an interaction carries them.
 * @param {Entry} entry
 * @param {object[]} values
 */
export function wireOptions(entry, values) {
  return entry.path.reduceRight((options, { type, name }) => [{ type, name, options }], values);
}
