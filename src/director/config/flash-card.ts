// `flash_card NAME { }`: the profile of a card that is not among those that are shipped. Ours, not keepalived's.
import { type CardProfile, CELLS, checkCard, LEVELLINGS } from '../flash/card.ts';
import { ownCard } from '../flash/profiles.ts';
import { placeOf } from './reading.ts';
import { countRange, sizeRange } from './sizes.ts';
import { choice, integer } from './types.ts';
import { block, type Located, oneName, value } from './vocabulary.ts';

const attribute = integer(1, 254, 'ATTRIBUTE');

const keywords = {
  cell: value(choice(CELLS), {
    help: 'What its memory is made of.',
    example: 'cell SLC',
  }),
  capacity: value(sizeRange, {
    help: 'Its size, where the kernel does not tell.',
    example: 'capacity 61m',
  }),
  cycles: value(countRange, {
    help: 'How often a block can be erased.',
    example: 'cycles 100000',
  }),
  erase_block: value(sizeRange, {
    help: 'What is erased at once.',
    example: 'erase_block 64k-128k',
  }),
  levelling: value(choice(LEVELLINGS), {
    help: 'How it spreads erasures: over all blocks, over free ones, within zones, or not at all.',
    example: 'levelling static',
  }),
  zone: value(sizeRange, {
    help: 'Size of a zone, for levelling zoned.',
    example: 'zone 64m',
  }),
  average_erasures: value(attribute, {
    help: 'SMART attribute that counts the erasures of the average block.',
    example: 'average_erasures 229',
  }),
  worst_erasures: value(attribute, {
    help: 'SMART attribute that counts the erasures of the block that was erased most.',
    example: 'worst_erasures 165',
  }),
  total_erasures: value(attribute, {
    help: 'SMART attribute that counts the erasures of all blocks together.',
    example: 'total_erasures 164',
  }),
  life_left: value(attribute, {
    help: 'SMART attribute whose value is the percentage of its life that is left.',
    example: 'life_left 229',
  }),
  spare_blocks: value(attribute, {
    help: 'SMART attribute that counts the spare blocks that are left.',
    example: 'spare_blocks 196',
  }),
};

/** The keyword that a part of a profile comes from. */
const KEYWORDS: Readonly<Partial<Record<keyof CardProfile, keyof typeof keywords>>> = {
  capacity: 'capacity',
  cycles: 'cycles',
  eraseBlock: 'erase_block',
  zone: 'zone',
};

export const flashCard = block({
  usage: 'NAME { ... }',
  help: 'A card that no shipped profile describes; what it does not say is as wide as that of an unknown card.',
  example: 'flash_card ours { ... }',
  keywords: () => keywords,
  header: oneName,
  finish(name, values, statement, reading): Located<CardProfile> {
    const { cell, capacity, cycles, erase_block: eraseBlock, levelling, zone } = values;
    const smart = {
      ...(values.average_erasures !== undefined && { averageErasures: values.average_erasures }),
      ...(values.worst_erasures !== undefined && { worstErasures: values.worst_erasures }),
      ...(values.total_erasures !== undefined && { totalErasures: values.total_erasures }),
      ...(values.life_left !== undefined && { lifeLeft: values.life_left }),
      ...(values.spare_blocks !== undefined && { spareBlocks: values.spare_blocks }),
    };
    const card = ownCard({
      name,
      smart,
      ...(cell && { cell }),
      ...(capacity && { capacity }),
      ...(cycles && { cycles }),
      ...(eraseBlock && { eraseBlock }),
      ...(levelling && { levelling }),
      ...(zone && { zone }),
    });
    for (const { field, message, advice } of checkCard(card)) {
      const keyword = KEYWORDS[field];
      const place = keyword === undefined ? statement : placeOf(statement, keyword);
      reading.error(place, place === statement && field !== 'name' ? 0 : 1, message, advice);
    }
    return { value: card, statement };
  },
});
