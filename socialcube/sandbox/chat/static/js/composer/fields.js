/**
 * A labelled field for one option of a command, with its check.
 * @module composer/fields
 */
import { h } from '../dom.js';
import { OPTION } from './commands.js';

const BIGGEST = Number.MAX_SAFE_INTEGER;
let made = 0;

/**
 * @typedef {object} Field
 * @property {HTMLElement} element
 * @property {HTMLElement} input
 * @property {() => {value?: string | number | boolean, problem?: string}} read `value` stays away when left empty
 * @property {(problem: string) => void} show a problem beside the field, or none
 */

/**
 * @param {object} option as the command declares it
 * @param {object} guild
 * @returns {Field}
 */
export function makeField(option, guild) {
  const id = `option-${(made += 1)}`;
  const input = makeInput(option, guild, id);
  const error = h('p', { class: 'field-error', id: `${id}-error`, hidden: true });
  const note = option.required ? null : h('span', { class: 'optional' }, 'optional');
  const element = h('div', { class: 'field' },
    h('label', { for: id }, option.name, note), input,
    h('p', { class: 'field-help', id: `${id}-help` }, option.description), error);
  return {
    element,
    input,
    read: () => readValue(option, input.value),
    show(problem) {
      error.textContent = problem;
      error.hidden = !problem;
      if (problem) input.setAttribute('aria-invalid', 'true');
      else input.removeAttribute('aria-invalid');
    },
  };
}

function makeInput(option, guild, id) {
  const props = { id, name: option.name, 'aria-describedby': `${id}-help ${id}-error`, 'aria-required': String(Boolean(option.required)) };
  const listed = choicesOf(option, guild);
  if (listed) {
    const empty = h('option', { value: '' }, listed.length ? 'Choose…' : 'Nothing to choose');
    return h('select', props, empty, listed.map(([value, name]) => h('option', { value }, name)));
  }
  const numeric = option.type === OPTION.INTEGER || option.type === OPTION.NUMBER;
  return h('input', { ...props, type: 'text', autocomplete: 'off', inputmode: numeric ? 'decimal' : 'text', placeholder: rangeHint(option) });
}

/** What one may choose from as [value, name], or null for a free field. */
function choicesOf(option, guild) {
  if (option.choices?.length) return option.choices.map((choice) => [choice.value, choice.name]);
  const members = () => guild.members.map((member) => [member.id, `@${member.name}`]);
  const roles = () => guild.roles.map((role) => [role.id, role.name.startsWith('@') ? role.name : `@${role.name}`]);
  const channels = () => guild.channels
    .filter((channel) => !option.channel_types?.length || option.channel_types.includes(channel.type))
    .map((channel) => [channel.id, channel.type === 0 ? `#${channel.name}` : channel.name]);
  switch (option.type) {
    case OPTION.BOOLEAN: return [['true', 'True'], ['false', 'False']];
    case OPTION.USER: return members();
    case OPTION.ROLE: return roles();
    case OPTION.MENTIONABLE: return [...members(), ...roles()];
    case OPTION.CHANNEL: return channels();
    case OPTION.ATTACHMENT: return [];
    default: return null;
  }
}

function rangeHint({ min_value: min, max_value: max, type }) {
  if (type !== OPTION.INTEGER && type !== OPTION.NUMBER) return '';
  if (min !== undefined && max !== undefined) return `${min} to ${max}`;
  if (min !== undefined) return `${min} or more`;
  return max === undefined ? '' : `up to ${max}`;
}

/** @returns {{value?: any, problem?: string}} */
function readValue(option, text) {
  if (text.trim() === '') return option.required ? { problem: missing(option) } : {};
  switch (option.type) {
    case OPTION.INTEGER: case OPTION.NUMBER: return readNumber(option, text.trim().replace(',', '.'));
    case OPTION.BOOLEAN: return { value: text === 'true' };
    case OPTION.STRING: return readText(option, text);
    default: return { value: text };
  }
}

function missing(option) {
  return option.type === OPTION.ATTACHMENT ? 'Files cannot be sent in the sandbox, so this command cannot be used here.' : 'This field is required.';
}

function readNumber(option, text) {
  const value = Number(text);
  const whole = option.type === OPTION.INTEGER;
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) || (whole && !Number.isInteger(value))) {
    return { problem: whole ? 'Write a whole number, such as 3.' : 'Write a number, such as 2.5.' };
  }
  const low = option.min_value ?? -BIGGEST;
  const high = option.max_value ?? BIGGEST;
  if (value < low) return { problem: `The smallest value is ${low}.` };
  return value > high ? { problem: `The largest value is ${high}.` } : { value };
}

function readText(option, text) {
  const length = [...text].length;
  const most = option.max_length ?? 6000;
  if (length < (option.min_length ?? 0)) return { problem: `Write at least ${option.min_length} characters; this is ${length}.` };
  return length > most ? { problem: `Write at most ${most} characters; this is ${length}.` } : { value: choiceValue(option, text) };
}

/** A choice's own value: a select only knows its text. */
function choiceValue(option, text) {
  return option.choices?.find((choice) => String(choice.value) === text)?.value ?? text;
}
