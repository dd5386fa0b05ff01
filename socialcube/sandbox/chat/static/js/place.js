/**
 * Where the person is: which server and channel the page shows.
 * @module place
 */

/** @typedef {{guildId: string, channelId: string}} Place */

/**
 * Finds the place that the address means, or the nearest one to it that exists.
 * @param {object[]} guilds that the person sees
 * @param {import('./route.js').Route} route
 * @param {Map<string, string>} remembered the last channel of each server
 * @returns {Place} empty ids where there is nothing to show
 */
export function findPlace(guilds, route, remembered) {
  const guild = guilds.find((each) => each.id === route.server) ?? guilds[0];
  if (!guild) return { guildId: '', channelId: '' };
  const readable = guild.channels.filter((channel) => channel.readable)
    .sort((one, other) => one.position - other.position);
  const wanted = [route.channel, remembered.get(guild.id)].filter(Boolean);
  const channel = wanted.map((id) => readable.find((each) => each.id === id)).find(Boolean) ?? readable[0];
  return { guildId: guild.id, channelId: channel?.id ?? '' };
}
