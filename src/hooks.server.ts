import { sequence } from '@sveltejs/kit/hooks';
import { address } from './hooks/address.ts';
import { api } from './hooks/api.ts';
import { forms } from './hooks/forms.ts';
import { headers } from './hooks/headers.ts';
import { locale } from './hooks/locale.ts';
import { origin } from './hooks/origin.ts';
import { reading } from './hooks/reading.ts';
import { doors, session } from './hooks/session.ts';
import { unexpected } from './hooks/unexpected.ts';

export const handle = sequence(reading, headers, locale, address, api, origin, forms, session, doors);
export const handleError = unexpected;
